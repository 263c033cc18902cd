// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
package import ConformanceCore
package import Specs

/// A suite of one scenario, for the reference machine of `callback`: peers with two connections.
package struct SmallCallback {
    private let scenario: PlannedScenario

    package static let document = #"""
        { "protocol": "callback", "title": "Small callback",
          "framing": { "kind": "line", "terminator": "\n" },
          "forms": {
            "client": [
              { "form": "receipt", "message": "302 Message receipt successful",
                "states": ["free", "due"] },
              { "form": "login", "message": "/login {{user}} {{password}}" },
              { "form": "port", "message": "/port {{number}}" },
              { "form": "list", "message": "/list" },
              { "form": "to", "message": "/to {{user}} {{text}}" },
              { "form": "toall", "message": "/toall {{text}}" },
              { "form": "exit", "message": "/exit" },
              { "form": "other", "message": "{{text}}" } ],
            "server": [
              { "form": "welcome", "message": "101 {{text}}" },
              { "form": "login failed", "message": "102 {{text}}" },
              { "form": "connected", "message": "201 {{text}}" },
              { "form": "not connected", "message": "202 {{text}}" },
              { "form": "names", "message": "301 {{text}}" },
              { "form": "delivered", "message": "303 {{text}}" },
              { "form": "not delivered", "message": "304 {{text}}" },
              { "form": "bye", "message": "310 {{text}}" },
              { "form": "unrecognized", "message": "401 {{text}}" },
              { "form": "delivery", "message": "/from {{user}} {{text}}" },
              { "form": "broadcast", "message": "/broadcastfrom {{user}} {{text}}" } ] },
          "states": ["visitor", "entering", "user", "connecting", "sending", "leaving", "free",
            "due"],
          "transitions": [
            { "from": "visitor", "client": "login", "to": "entering" },
            { "from": "entering", "server": "welcome", "to": "user" },
            { "from": "entering", "server": "login failed", "to": "visitor" },
            { "from": "user", "client": "port", "to": "connecting" },
            { "from": "connecting", "server": "connected", "to": "user" },
            { "from": "connecting", "server": "not connected", "to": "user" },
            { "from": "user", "client": "to", "to": "sending" },
            { "from": "user", "client": "toall", "to": "sending" },
            { "from": "user", "client": "exit", "to": "leaving" },
            { "from": "sending", "server": "delivered", "to": "user" },
            { "from": "sending", "server": "not delivered", "to": "user" },
            { "from": "free", "server": "delivery", "to": "due" },
            { "from": "free", "server": "broadcast", "to": "due" },
            { "from": "due", "client": true, "to": "free" } ],
          "links": { "b": { "begins": "free", "endsWith": "main" } },
          "accounts": { "names": "name", "passwords": "password",
            "line": "{{name}} {{password}}" },
          "features": { "receiptTimeout": "10s" },
          "generators": {
            "name": { "alphabet": "abcdefghijklmnopqrstuvwxyz", "length": [8, 8] },
            "password": { "alphabet": "abcdefghijklmnopqrstuvwxyz", "length": [8, 8] },
            "text": { "alphabet": "abcdefghijklmnopqrstuvwxyz", "length": [20, 30] } },
          "peerNames": "name",
          "procedures": {
            "login": { "steps": [
              { "connect": true },
              { "send": "/login ${name} ${password}" },
              { "expect": { "startsWith": "101" } } ] },
            "enter": { "steps": [
              { "do": "login" },
              { "listen": "b" },
              { "send": "/port ${port:b}" },
              { "accept": "b" },
              { "expect": { "startsWith": "201" } } ] },
            "answer": { "steps": [
              { "link": "b", "respond": { "to": { "any": true },
                "send": "302 Message receipt successful", "collect": true } } ] } },
          "barriers": [
            { "states": ["user"], "send": "/list", "answer": { "startsWith": "301" } },
            { "link": "b", "states": ["free"], "send": "/to ${name} ${nonce}",
              "answer": { "endsWith": " ${nonce}" },
              "through": { "states": ["user"], "owner": ["user", "sending"],
                "unless": ["sending", "due"], "reply": "302 Message receipt successful",
                "confirmation": { "startsWith": "30" } } } ] }
        """#

    private static let requirements = """
        { "requirements": [
          { "id": "must", "level": "M", "sentence": "It must." },
          { "id": "open", "level": "O", "sentence": "It may." } ] }
        """

    /// Plans one scenario; `members` is the inside of its JSON object but for id and title.
    package init(
        _ members: String, system: SystemUnderTest = .complete, document: String = Self.document
    ) {
        scenario = PlannedScenario(
            members, document: document, requirements: Self.requirements, system: system)
    }

    package var suite: Suite? { scenario.suite }
    package var planner: Planner? { scenario.planner }
    package var plans: [Plan] { scenario.plans }
    package var problems: [String] { scenario.problems }

    /// What one run in memory came to.
    package struct Run {
        package var plan: Plan
        package var transcript: Transcript
        package var judgement: Judgement

        package var verdict: Verdict { judgement.verdict }
    }

    /// Runs the first plan on the reference machine, or on one with a fault.
    ///
    /// `nil` where there is no plan or no such fault.
    package func run(fault name: String? = nil) -> Run? {
        guard let chat = ProtocolCatalog.find("callback"), let planner, let suite,
            let plan = plans.first
        else { return nil }
        let configuration = chat.configurationInMemory(for: planner)
        let fault = name.flatMap { chat.fault(named: $0) }
        guard name == nil || fault != nil else { return nil }
        let server = fault?.makeServer(configuration) ?? chat.makeServer(configuration)
        let transcript = InMemoryExecutor.run(plan, on: server).transcript
        let judgement = Judge.judge(plan, transcript, requirements: suite.requirements)
        return Run(plan: plan, transcript: transcript, judgement: judgement)
    }
}
