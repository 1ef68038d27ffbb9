"""Runs one Python sample as a service would: loads it, and calls it as often as its standard
input says. Started by sample-process.ts; drive-sample.ts is the same for TypeScript."""

import datetime
import importlib.util
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

offset = datetime.timedelta()
suspended = datetime.timedelta()
set_back = datetime.timedelta()
origin = {"origin": os.environ["SAMPLE_ORIGIN"]} if "SAMPLE_ORIGIN" in os.environ else {}
system_monotonic = time.monotonic


class MovedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + offset - set_back


# The sample and its libraries keep their own clocks, so it is this process's clock that moves:
# before they are loaded, since some of them take the class by name.
datetime.datetime = MovedDatetime
time.monotonic = lambda: system_monotonic() + (offset - suspended).total_seconds()


def load(path):
    spec = importlib.util.spec_from_file_location("sample", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def caller(sample, account_id):
    if hasattr(sample, "DinteroClient"):
        return sample.DinteroClient(account_id, **origin).call
    return lambda method, path: sample.call_dintero(account_id, method, path, **origin)


def call(dintero, path):
    try:
        response = dintero("GET", path)
        return {"status": response.status_code, "body": response.json()}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


dintero = caller(load(sys.argv[1]), sys.argv[2])
for line in sys.stdin:
    request = json.loads(line)
    offset = datetime.timedelta(milliseconds=request["offsetMs"])
    suspended = datetime.timedelta(milliseconds=request["suspendedMs"])
    set_back = datetime.timedelta(milliseconds=request["setBackMs"])
    with ThreadPoolExecutor(request["times"]) as threads:
        replies = threads.map(lambda path: call(dintero, path), [request["path"]] * request["times"])
        print(json.dumps(list(replies)), flush=True)
