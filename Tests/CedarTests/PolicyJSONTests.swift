// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

@Suite("JSON format of policies")
struct PolicyJSONTests {
    @Test("templates and links survive the round trip, and decide")
    func links() throws {
        var policies = try PolicySet(
            parsing: """
                @id("t") permit(principal == ?principal, action, resource in ?resource)
                when { context.n > 2 };
                @id("s") forbid(principal, action in [Action::"edit"], resource is Team);
                """)
        let team = EntityUID(type: "Team", id: "top")
        let lacksSlot = policies.link(
            template: "t", as: "bad", principal: AuthorizerTests.alice)
        #expect(!lacksSlot)
        let isLinked = policies.link(
            template: "t", as: "linked", principal: AuthorizerTests.alice, resource: team)
        #expect(isLinked)
        let copy = try PolicySet(json: policies.jsonText)
        #expect(copy.jsonText == policies.jsonText)
        #expect(copy.templates == policies.templates)
        var request = AuthorizerTests.request
        request.resource = EntityUID(type: "Team", id: "a")
        let response = Authorizer(copy).isAuthorized(request, AuthorizerTests.entities)
        #expect(response.decision == .allow)
        #expect(response.determiningPolicies == ["linked"])
    }

    @Test(
        "documents of another shape",
        arguments: [
            "{", "[]x", #"{"staticPolicies":{"a":{}}}"#,
            #"{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"#
                + #""action":{"op":"All"},"resource":{"op":"All"},"conditions":"#
                + #"[{"kind":"when","body":{"Value":1,"Var":"x"}}]}}}"#,
            #"{"templateLinks":[{"templateId":"x","newId":"y","values":{}}]}"#,
        ])
    func refused(text: String) {
        #expect(throws: CedarErrors.self) { try PolicySet(json: text) }
    }
}
