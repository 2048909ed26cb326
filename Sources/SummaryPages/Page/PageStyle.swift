// SPDX-License-Identifier: Apache-2.0

/// The style of the pages: system fonts, light and dark, and print.
enum PageStyle {
    static let text = """
        :root{color-scheme:light dark;--ink:#1b1b1b;--paper:#ffffff;--line:#6b6b6b;--soft:#f1f3f5;\
        --s0:#1b3a57;--s1:#5b8db8;--s3:#c9d6df;--good:#0b5d1e;--bad:#8b0000;--link:#00409f}
        @media (prefers-color-scheme:dark){:root{--ink:#eeeeee;--paper:#161616;--line:#9a9a9a;\
        --soft:#262626;--s0:#8fc1ec;--s1:#4f7fa8;--s3:#3c4a55;--good:#8fe0a0;--bad:#ff9a9a;\
        --link:#9cc2ff}}
        body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);\
        margin:0 auto;padding:1rem;max-width:60rem}
        h1,h2,h3{line-height:1.25}h2{margin-top:2rem;border-bottom:2px solid var(--line)}
        a{color:var(--link)}dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;\
        gap:.25rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
        .notice{border:2px solid var(--line);padding:.5rem .75rem;background:var(--soft)}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:.75rem 0}
        caption{text-align:left;font-weight:600;padding:.25rem 0;white-space:nowrap}\
        th[scope=row],.short{white-space:nowrap}
        th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;\
        vertical-align:top}thead th{background:var(--soft)}
        td.figure{text-align:right;font-variant-numeric:tabular-nums}td.masked{font-style:italic}
        tr.total>*{font-weight:700}.hash{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
        figure{margin:1rem 0}figcaption{font-weight:600}
        .chart{width:100%;height:auto;max-width:40rem;display:block}
        .chart text{fill:var(--ink);font-family:system-ui,sans-serif}.stroke{stroke:var(--ink)}
        .paper{fill:var(--paper)}rect.s0{fill:var(--s0)}rect.s1{fill:var(--s1)}\
        rect.s3{fill:var(--s3)}.chart rect{stroke:var(--ink)}
        .proved{color:var(--good);font-weight:700}.refuted{color:var(--bad);font-weight:700}
        #check{overflow-wrap:anywhere;border:3px double var(--line);padding:.5rem .75rem;margin:1rem 0}
        #check.good{border-color:var(--good)}#check.bad{border-color:var(--bad);font-weight:700}
        @media screen and (max-width:36rem){.chart{width:36rem;max-width:none}}
        @media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-left:1rem}}
        @media print{body{max-width:none;font-size:10pt;padding:0}h2{break-after:avoid}\
        figure,table,dl,.notice{break-inside:avoid}.scroll{overflow:visible}\
        a{color:inherit;text-decoration:none}.chart{max-width:15cm}#check{display:none}}
        """
}
