// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

@Suite("Schema")
struct SchemaTests {
    static let text = """
        @doc("outside") entity Outside enum ["a", "b\\"c"];
        namespace Shop::Inner {
          type Name = String;
          type Info = {name: Name, "odd key"?: Set<Long>, @mark inner: {at: datetime}};
          entity User, Guest in [Group, Outside2] = Info tags Set<String>;
          entity Group, Outside2;
          action "see all", edit in ["group"] appliesTo {
            principal: [User], resource: [Group, Outside], context: {ip?: __cedar::ipaddr}
          };
          action group;
        }
        """

    @Test("both formats say the same, whichever was read")
    func roundTrips() throws {
        // The text format names a record as the shape; only the JSON format names a common type.
        let plain = Self.text.replacing("= Info tags", with: "{name: Name} tags")
        let schema = try Schema(parsing: plain)
        #expect(try Schema(json: schema.jsonText) == schema)
        #expect(try Schema(parsing: schema.cedarText) == schema)
        #expect(try Schema(json: schema.jsonText).cedarText == schema.cedarText)
        #expect(schema.entityTypeNames.contains("Shop::Inner::Guest"))
        #expect(schema.actionEntities.count == 3)
    }

    @Test("values are read as their types say")
    func typedValues() throws {
        let schema = try Schema(
            parsing: "entity U {ip: ipaddr, u: U}; action a appliesTo "
                + "{principal: U, resource: U, context: {at: datetime}};")
        let json = #"""
            [{"uid":{"type":"U","id":"a"},"parents":[],
              "attrs":{"ip":"10.0.0.1","u":{"type":"U","id":"b"}}}]
            """#
        let typed = try Entities(json: json, schema: schema)
        let user = typed[EntityUID(type: "U", id: "a")]
        #expect(user?.attributes["u"] == .entity(EntityUID(type: "U", id: "b")))
        #expect(user?.attributes["ip"]?.typeName == "ipaddr")
        #expect(try Entities(json: typed.jsonText).jsonText == typed.jsonText)
        let context = try Record(
            json: #"{"at":"2024-01-01"}"#, schema: schema,
            action: EntityUID(type: "Action", id: "a"))
        #expect(context["at"] == .datetime(1_704_067_200_000))
    }

    @Test(
        "documents that are no schema",
        arguments: [
            "[]", #"{"":{"entityTypes":{"A":{"shap":{}}}}}"#,
            #"{"":{"entityTypes":{"A":{"enum":[]}}}}"#,
            #"{"":{"entityTypes":{"A":{"shape":{"type":"Record","attributes":{"x":{}}}}}}}"#,
            #"{"a b":{}}"#,
            #"{"":{"actions":{"x":{"appliesTo":{"principalTypes":["No"],"resourceTypes":[]}}}}}"#,
        ])
    func refused(json: String) {
        #expect(throws: CedarErrors.self) { try Schema(json: json) }
    }
}
