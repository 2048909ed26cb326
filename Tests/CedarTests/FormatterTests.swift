// SPDX-License-Identifier: Apache-2.0

import Cedar
import Testing

@Suite("Formatter")
struct FormatterTests {
    @Test("comments stay, and long conditions break at their operators")
    func layout() throws {
        let text = """
            // head

            @id("x")@note permit(principal==U::"a",action in[Action::"v", Action::"w"],resource is G)//end
            when{principal.a==1&&!(resource in [A::"b"])||-(context.a)!=2&&principal["x y"]like"a*"&&{a:1,"b":-2}.a>1} // why
            unless { /* */ true };
            forbid(principal,action,resource);// last
            // tail
            """.replacing(" /* */", with: "")
        let formatted = try PolicyFormatter.format(text)
        #expect(
            formatted == """
                // head

                @id("x")
                @note
                permit (principal == U::"a", action in [Action::"v", Action::"w"], resource is G) //end
                when {
                    principal.a == 1 && !(resource in [A::"b"]) ||
                    -(context.a) != 2 && principal["x y"] like "a*" && { a: 1, "b": -2 }.a > 1
                } // why
                unless { true };

                forbid (principal, action, resource); // last

                // tail

                """)
    }

    @Test("what its author broke stays broken, and what does not fit is broken")
    func breaks() throws {
        let long = String(repeating: "a", count: 60)
        let text = """
            permit (
            principal, action, resource)
            when { [ // the codes
            "a", "b",
            "c"].containsAll(context.codes) && (if principal.isLong then context.first // yes
            else context.second) } unless { context.a
            && context.b }
            when { ["\(long)", "\(long)"].contains(1) };
            """
        let formatted = try PolicyFormatter.format(text)
        #expect(
            formatted == """
                permit (
                    principal,
                    action,
                    resource
                )
                when {
                    [ // the codes
                        "a", "b",
                        "c"
                    ].containsAll(context.codes) &&
                    (
                        if principal.isLong
                        then context.first // yes
                        else context.second
                    )
                }
                unless {
                    context.a &&
                    context.b
                }
                when {
                    [
                        "\(long)",
                        "\(long)"
                    ].contains(1)
                };

                """)
    }

    @Test(
        "formatting keeps the meaning and is stable",
        arguments: [
            "permit(principal,action,resource)when{// a\n1 // b\n==// c\n2// d\n};// e\n//f",
            "permit(// p\nprincipal,// q\naction == Action::\"a\"// r\n,resource,)// s\n;",
            "// only\n", "",
            "permit(principal,action,resource)when{if a::\"b\" in c::\"d\" then "
                + "[1,-1,- -1].contains(ip(\"\")) else !true}unless{(1).a.b[\"c\"].d()==\"\n\"};"
                .replacing(".d()", with: ".isEmpty()"),
            "permit(principal in ?principal,action,resource == ?resource);permit(principal,action,"
                + "resource) when { principal has a.b && principal is A::B in C::\"d\" };",
        ])
    func stable(text: String) throws {
        let once = try PolicyFormatter.format(text)
        #expect(try PolicyFormatter.format(once) == once)
        let before = try PolicySet(parsing: text)
        let after = try PolicySet(parsing: once)
        #expect(before.policies == after.policies)
        #expect(before.templates == after.templates)
        #expect(text.split(separator: "//").count == once.split(separator: "//").count)
    }
}
