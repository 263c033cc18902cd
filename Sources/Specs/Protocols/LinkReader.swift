// SPDX-License-Identifier: Apache-2.0

/// Reads what `protocol.json` says of further connections and of accounts.
enum LinkReader {
    static func links(_ reader: NodeReader?) -> [String: LinkTemplate] {
        var links: [String: LinkTemplate] = [:]
        for (name, entry) in reader?.members ?? [] {
            let what = "a connection"
            entry.refuseKeys(otherThan: ["begins", "endsWith", "note"], in: what)
            if name == StepTemplate.mainLink {
                entry.note("'\(name)' is there already: it begins in the first state")
            }
            links[name] = LinkTemplate(
                begins: entry.required("begins", in: what)?.string ?? "",
                endsWith: entry["endsWith"]?.string)
        }
        return links
    }

    static func relay(_ reader: NodeReader) -> BarrierTemplate.Relay? {
        let what = "'through'"
        reader.refuseKeys(
            otherThan: ["states", "owner", "unless", "reply", "confirmation"], in: what)
        guard let states = reader.required("states", in: what)?.strings,
            let owner = reader.required("owner", in: what)?.strings,
            let confirmation = reader.required("confirmation", in: what)
        else { return nil }
        return BarrierTemplate.Relay(
            states: states, owner: owner, unless: reader["unless"]?.strings ?? [],
            reply: reader["reply"]?.content,
            confirmation: PatternReader.pattern(confirmation))
    }

    static func accounts(_ reader: NodeReader?) -> AccountsTemplate? {
        let what = "'accounts'"
        guard let reader else { return nil }
        reader.refuseKeys(otherThan: ["names", "passwords", "line"], in: what)
        guard let names = reader.required("names", in: what)?.string,
            let passwords = reader.required("passwords", in: what)?.string,
            let line = reader.required("line", in: what)
        else { return nil }
        return AccountsTemplate(names: names, passwords: passwords, line: pattern(line))
    }

    private static func pattern(_ reader: NodeReader) -> TextPattern {
        var gaps: [String] = []
        let parts = reader.template.parts.compactMap { part -> TextPattern.Part? in
            switch part {
            case .literal(let bytes): return .literal(bytes)
            case .capture(let name):
                gaps.append(name)
                return .capture(name)
            case .value: return nil
            }
        }
        if gaps.sorted() != ["name", "password"] {
            reader.note(
                "a line has a name and a password", advice: "such as \"{{name}} {{password}}\"")
        }
        return TextPattern(parts)
    }

    /// Notes states, connections and generators that are named but not there.
    static func check(_ document: ProtocolDocument, _ reader: NodeReader) {
        let states = document.states.names
        func known(_ name: String, _ all: [String], _ what: String, _ place: NodeReader?) {
            guard !all.contains(name) else { return }
            place?.note(
                "there is no \(what) '\(name)'", advice: NodeReader.choice(of: all, near: name))
        }
        let links = [StepTemplate.mainLink] + document.links.keys.sorted()
        for (name, link) in document.links {
            let place = reader["links"]?[name]
            known(link.begins, states, "state", place)
            if let other = link.endsWith { known(other, links, "connection", place) }
        }
        for (barrier, place) in zip(document.barriers, reader["barriers"]?.elements ?? []) {
            known(barrier.link, links, "connection", place)
            guard let relay = barrier.through else { continue }
            for state in relay.states + relay.owner + relay.unless {
                known(state, states, "state", place["through"])
            }
        }
        if let accounts = document.accounts {
            let generators = document.generators.keys.sorted()
            known(accounts.names, generators, "generator", reader["accounts"])
            known(accounts.passwords, generators, "generator", reader["accounts"])
        }
    }
}
