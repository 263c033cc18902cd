# SPDX-License-Identifier: Apache-2.0

.PHONY: help setup build run test bench soak lint clean
.DEFAULT_GOAL := help

help:
	@echo 'make setup   install what building and testing need'
	@echo 'make build   build refserver, conformance and splitclient for release'
	@echo 'make run     judge the reference server by every suite; reports go to results/'
	@echo 'make test    run every check there is'
	@echo 'make bench   measure against the limits; QUICK=1 is shorter'
	@echo 'make soak    run the suites 500 times under changing conditions, and kill a server 1000'
	@echo '             times under load; RUNS=50 KILLS=50 is shorter'
	@echo 'make lint    check the format of the Swift sources'
	@echo 'make clean   remove what was built'

setup:
	@Scripts/setup

build: setup
	swift build --configuration release --static-swift-stdlib

run: build
	Scripts/run-suites $(ARGUMENTS)

test: setup
	Scripts/check

bench: build
	Benchmarks/bench.py $(if $(QUICK),--quick)

soak: build
	Tests/Soak/kills.py --kills $(or $(KILLS),1000)
	Tests/Soak/soak.py --runs $(or $(RUNS),500)

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

clean:
	swift package clean
