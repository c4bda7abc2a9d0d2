#!/usr/bin/env node
require('./run.cjs')('kafka-server-stop.sh')
