// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The script by which an opened page checks itself, as a convenience.
///
/// It compares what the browser shows with what was signed, and the signature with the key in the
/// page. It cannot know whether that key is the right one, nor whether the script itself was changed,
/// and says so: the command of the annex can.
enum SelfCheck {
    static func script(_ language: Language) -> String {
        func word(_ french: String, _ english: String) -> String {
            language == .french ? french : english
        }
        let good = word(
            "Ce fichier se dit intact\u{202F}: chiffres, texte et dessins sont ceux qui ont été signés par la clé ",
            "This file says it is intact: figures, text and drawings are those signed by the key ")
        let compare = word(
            ". Comparez cette clé à celle qui vous a été remise\u{202F}; la vraie vérification est la commande de l’annexe.",
            ". Compare this key with the one handed to you; the real verification is the command in the annex."
        )
        let bad = word(
            "ATTENTION\u{202F}: ce fichier a été modifié après sa signature (",
            "WARNING: this file was changed after it was signed (")
        let none = word(
            "Votre navigateur ne sait pas vérifier de signature\u{202F}; utilisez la commande de l’annexe.",
            "Your browser cannot verify a signature; use the command in the annex.")
        return """
            "use strict";(async()=>{const get=i=>document.getElementById(i),box=get("check");\
            const say=(c,t)=>{box.className=c;box.textContent=t};\
            const hex=b=>Array.from(new Uint8Array(b),x=>x.toString(16).padStart(2,"0")).join("");\
            const raw=s=>Uint8Array.from(atob(s),c=>c.charCodeAt(0));\
            const utf=s=>new TextEncoder().encode(s);\
            const sha=async s=>hex(await crypto.subtle.digest("SHA-256",utf(s)));\
            try{if(!window.crypto||!crypto.subtle){say("","\(none)");return}\
            const note=get("note").textContent,cut=note.lastIndexOf("\\n\\n");\
            const text=note.slice(0,cut+1),line=note.slice(cut+2).split("\\n")[0].split(" ");\
            const field=n=>{const l=text.split("\\n").find(l=>l.startsWith(n+" "));\
            return l?l.slice(n.length+1):""};const wrong=[];\
            const lang=document.documentElement.lang;\
            if(await sha(document.querySelector("main").innerHTML)!==field("body-"+lang))wrong.push("\(word("texte", "text"))");\
            if(await sha(get("data").textContent)!==field("data"))wrong.push("\(word("chiffres", "figures"))");\
            const vkey=get("key").textContent.trim(),parts=vkey.split("+");\
            const bytes=raw(parts.slice(2).join("+")),sign=raw(line[2]).slice(4);\
            let key;try{key=await crypto.subtle.importKey("raw",bytes.slice(1),"Ed25519",false,["verify"])}\
            catch(e){say("","\(none)");return}\
            if(!await crypto.subtle.verify("Ed25519",key,sign,utf(text)))wrong.push("signature");\
            if(wrong.length)say("bad","\(bad)"+wrong.join(", ")+").");\
            else say("good","\(good)"+vkey+"\(compare)");}\
            catch(e){say("bad","\(bad)"+"\(word("illisible", "unreadable"))"+").")}})();
            """
    }
}
