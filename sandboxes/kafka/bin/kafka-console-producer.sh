#!/usr/bin/env node
require('./run.cjs')('kafka-console-producer.sh')
