#!/usr/bin/env node
require('./run.cjs')('kafka-server-start.sh')
