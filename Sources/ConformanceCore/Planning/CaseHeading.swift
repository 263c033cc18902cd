// SPDX-License-Identifier: Apache-2.0

/// What a case is called and is about: all that it takes to choose it.
package struct CaseHeading: Equatable, Sendable {
    package let caseID: String
    package let scenarioID: String
    package let topic: String
    package let requirements: [String]
}

extension Plan {
    package var heading: CaseHeading {
        CaseHeading(
            caseID: caseID, scenarioID: scenarioID, topic: topic, requirements: requirements)
    }
}
