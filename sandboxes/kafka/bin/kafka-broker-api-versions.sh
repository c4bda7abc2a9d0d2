#!/usr/bin/env node
require('./run.cjs')('kafka-broker-api-versions.sh')
