// SPDX-License-Identifier: Apache-2.0

extension Registry {
    /// The advisers of whom something happened before a moment.
    public func advisers(before view: AsOf) -> [InternedID] { advisers.things(before: view) }

    /// The persons of whom something happened before a moment.
    public func persons(before view: AsOf) -> [InternedID] { persons.things(before: view) }
}
