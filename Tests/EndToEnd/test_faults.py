# SPDX-License-Identifier: Apache-2.0
"""The kill matrix over real sockets: each named defect of the reference server is found out."""

import unittest

from support import CallbackTest, ChannelsTest, JSONTest, ProgramTest


class Faults:
    """The kill matrix; a class below for each protocol."""

    def faults(self):
        """Name and broken requirement of each, as `--fault list` tells them."""
        outcome = self.run_program(self.protocol, "0", "--fault", "list", program="refserver")
        self.assertEqual(0, outcome.status, outcome)
        lines = [line.split("\t") for line in outcome.output.decode().splitlines()]
        return [(name, requirement) for name, requirement, _ in lines]

    def found_out(self, name, requirement):
        """The run, and the scenarios about the requirement that failed or warned.

        Each scenario gets a server of its own: some defects spoil a server for good. One failure
        is enough; where the first that went wrong was inconclusive, all are run.
        """
        words = ("--only", requirement, "--timeout", "1s")
        outcome = self.launched(self.refserver("--fault", name), *words, "--fail-fast")
        if not self.killers(outcome, requirement):
            outcome = self.launched(self.refserver("--fault", name), *words)
        return outcome, self.killers(outcome, requirement)

    @staticmethod
    def killers(outcome, requirement):
        return [
            scenario["id"]
            for scenario in outcome.report["scenarios"]
            if requirement in scenario["requirements"] and scenario["verdict"] in ("fail", "warn")
        ]

    def test_each_fault_fails_a_scenario_about_the_requirement_that_it_breaks(self):
        faults = self.faults()
        self.assertGreater(len(faults), 50)
        calls = [lambda fault=fault: self.found_out(*fault) for fault in faults]
        for (name, requirement), (outcome, killers) in zip(faults, self.at_once(*calls, workers=8)):
            with self.subTest(fault=name):
                self.assertNotEqual([], killers, outcome)
                level = {r["id"]: r for r in outcome.report["coverage"]["requirements"]}
                # What breaks a recommendation may break what is required as well.
                if level[requirement]["level"] == "M":
                    self.assertNotEqual([], outcome.ids("fail"), outcome)
                unclear = outcome.ids("fail", "inconclusive")
                self.assertEqual(1 if unclear else 0, outcome.status, outcome)


class PaddedFaults(Faults, ProgramTest):
    def test_what_is_no_fault_is_not_taken_for_a_dead_one(self):
        outcome = self.launched(self.refserver("--fault", "says-nonsense"), "--reuse")
        self.assertEqual(3, outcome.status, outcome)
        self.assertEqual([], outcome.report["scenarios"])
        self.assertEqual("unreachable", outcome.report["abandoned"]["reason"])
        self.assert_says(outcome, "exited with status 2", '"says-nonsense" is not possible')

    def test_a_broken_should_is_a_warning_and_in_a_strict_run_a_failure(self):
        words = self.refserver("--fault", "list-has-an-empty-line"), "--only", "list.no-empty-lines"
        lenient, strict = self.launched(*words), self.launched(*words, "--strict")
        self.assertEqual((0, 1), (lenient.status, strict.status))
        self.assertEqual({"warn"}, set(lenient.verdicts.values()))
        self.assertEqual({"fail"}, set(strict.verdicts.values()))


class HelloFaults(Faults, ProgramTest):
    protocol = "hello"


class JSONFaults(Faults, JSONTest):
    pass


class CallbackFaults(Faults, CallbackTest):
    pass


class ChannelsFaults(Faults, ChannelsTest):
    offers = "{peers} --bind {host} " + ChannelsTest.offers


if __name__ == "__main__":
    unittest.main()
