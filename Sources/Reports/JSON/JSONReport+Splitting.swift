// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import JSONText
import Specs

extension JSONReport {
    func write(_ splitting: Splitting, to object: inout JSONObjectWriter) {
        object.member("cases", splitting.cases)
        object.member("planned", splitting.planned)
        object.member("tried", splitting.tried)
        object.array("families") { list in
            for family in SplitFamily.allCases {
                guard let count = splitting.counts[family] else { continue }
                list.object { object in
                    object.member("family", family.rawValue)
                    object.member("planned", count.planned)
                    object.member("tried", count.tried)
                }
            }
        }
        object.member("neverRun", splitting.neverRun)
        object.member("passedOver", splitting.passedOver)
        object.member("straddlesLeftOut", splitting.straddlesLeftOut)
        object.member("unlaunched", splitting.unlaunched)
        object.optional("ending", splitting.ending?.rawValue)
        if let budget = splitting.budget { object.milliseconds("budgetMs", budget) }
        object.array("breaks") { list in
            for found in splitting.breaks { list.object { write(found, to: &$0) } }
        }
        object.array("ownBreaks") { list in
            for found in splitting.ownBreaks {
                list.object { object in
                    object.member("case", found.caseID)
                    object.member("requirement", found.requirement)
                    object.member("level", found.level.rawValue)
                    object.member("replay", found.replay)
                }
            }
        }
        object.member("failingUncut", splitting.failingUncut)
        object.member("warningUncut", splitting.warningUncut)
        object.member("ownCuts", splitting.ownCuts)
        object.member("ownCutsLeft", splitting.ownCutsLeft)
        object.member("failingOwnCuts", splitting.failingOwnCuts)
        object.member("warningOwnCuts", splitting.warningOwnCuts)
        object.array("hindrances") { list in
            for found in splitting.hindrances { list.object { write(found, to: &$0) } }
        }
        object.member("spared", splitting.spared)
        object.member("unreached", splitting.unreached)
        object.member("unstable", splitting.unstable)
        object.member("unverified", splitting.unverified)
        object.member("undecided", splitting.undecided)
    }

    private func write(_ found: Splitting.Break, to object: inout JSONObjectWriter) {
        object.member("case", found.caseID)
        object.member("requirement", found.requirement)
        object.member("level", found.level.rawValue)
        object.member("kind", found.cut.kind.rawValue)
        write(found.cut, to: &object)
    }

    private func write(_ found: Splitting.Hindrance, to object: inout JSONObjectWriter) {
        object.member("case", found.caseID)
        write(found.cut, to: &object)
    }

    private func write(_ cut: ShrunkCut, to object: inout JSONObjectWriter) {
        object.member("foundBy", cut.foundBy.description)
        object.member("split", cut.smallest.plan.description)
        object.optional("form", cut.smallest.form)
        object.optional("reach", cut.smallest.reach.reported)
        object.array("places") { list in
            for place in cut.places {
                list.object { object in
                    object.optional("form", place.form)
                    object.member("offset", place.offset)
                }
            }
        }
        object.member("trials", cut.trials)
        if cut.isUnfinished { object.member("unfinished", true) }
        object.member("replay", cut.replay)
    }
}
