// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import JSONText
import Specs

extension JSONReport {
    func write(_ coverage: Coverage, to object: inout JSONObjectWriter) {
        object.array("requirements") { list in
            for entry in coverage.requirements { list.object { write(entry, to: &$0) } }
        }
        object.array("messages") { list in
            for entry in coverage.forms {
                list.object { object in
                    object.member("from", entry.direction.rawValue)
                    object.member("form", entry.form)
                    object.member("count", entry.count)
                }
            }
        }
        object.array("states") { list in
            for entry in coverage.states {
                list.object { object in
                    object.member("state", entry.state)
                    object.member("from", entry.direction.rawValue)
                    object.member("form", entry.form)
                    object.member("count", entry.count)
                }
            }
        }
        object.array("cuts") { list in
            for entry in coverage.cuts { list.object { write(entry, to: &$0) } }
        }
    }

    private func write(
        _ entry: Coverage.RequirementCoverage, to object: inout JSONObjectWriter
    ) {
        object.member("id", entry.requirement.id)
        object.member("level", entry.requirement.level.rawValue)
        object.member("sentence", entry.requirement.sentence)
        object.optional("excluded", entry.requirement.excluded)
        object.optional("verdict", entry.verdict?.rawValue)
        object.member("scenarios", entry.scenarios)
    }

    private func write(_ entry: Coverage.CutCoverage, to object: inout JSONObjectWriter) {
        object.optional("form", entry.form)
        object.member("planned", entry.planned)
        object.member("proven", entry.proven)
        object.member("offsets", entry.offsets.map { [$0.lowerBound, $0.upperBound] })
        object.member("unproven", entry.unproven.map { [$0.lowerBound, $0.upperBound] })
        if entry.longest > 0 { object.member("longest", entry.longest) }
    }
}
