"""Opens Inspect eval logs with the reader of inspect_ai, whole and header-only, or writes the schema it reads by.

    python3 -m venv VENV && VENV/bin/pip install inspect_ai==0.3.285
    VENV/bin/python test/peers/inspect_read.py LOG.json …
    VENV/bin/python test/peers/inspect_read.py --schema > test/peers/inspect-eval-log.schema.json

One JSON line for each log. The schema is that of inspect_ai's EvalLog (MIT licence, UK AI Security Institute), without
titles, and with events and other parts that Dashpot does not write left open.
"""

import json
import os
import sys

from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

LEFT_OPEN = set(
    "events timelines events_data sandbox approval review sentinel error_retries early_stopping viewer config_updates "
    "log_updates reductions model_roles citations model_fallbacks fallback connection_limit_history response_schema batch "
    "cache adaptive_connections tool_calls invalidation notification headline headline_metric history".split()
)


def read(path: str) -> dict:
    whole = read_eval_log(path)
    header = read_eval_log(path, header_only=True)
    samples = whole.samples or []
    whole.eval.dataset.sample_ids = None  # the reader fills them in from the samples
    return {
        "version": whole.version,
        "status": whole.status,
        "model": whole.eval.model,
        "task": whole.eval.task,
        "samples": len(samples),
        "dataset_samples": header.eval.dataset.samples,
        "scored": sum(1 for sample in samples if sample.scores),
        "errors": sum(1 for sample in samples if sample.error),
        "completions": [sample.output.completion for sample in samples[:3]],
        "metrics": sorted(whole.results.scores[0].metrics),
        "header_only_has_no_samples": header.samples is None,
        "header_agrees": header.eval == whole.eval and header.results == whole.results and header.stats == whole.stats,
        "listed": os.path.basename(path) in [os.path.basename(log.name) for log in list_eval_logs(os.path.dirname(path) or ".")],
    }


def schema() -> dict:
    whole = EvalLog.model_json_schema()
    definitions = whole.pop("$defs")
    used: dict[str, dict] = {}

    def pruned(node, key=None):
        if isinstance(node, list):
            return [pruned(item) for item in node]
        if not isinstance(node, dict):
            return node
        if key in LEFT_OPEN:
            return {}
        reference = node.get("$ref")
        if reference:
            name = reference.rsplit("/", 1)[1]
            if name not in used:
                used[name] = {}
                used[name].update(pruned(definitions[name]))
            return {"$ref": reference}
        kept = {}
        for name, value in node.items():
            if name in ("title", "description", "default") and not isinstance(value, dict):
                continue
            if name == "default" or name == "examples" or name == "discriminator":
                continue
            kept[name] = {inner: pruned(item, inner) for inner, item in value.items()} if name == "properties" else pruned(value)
        return kept

    body = pruned(whole)
    comment = "Schema of EvalLog of inspect_ai 0.3.285, MIT licence, Copyright (c) 2024 UK AI Security Institute; made by inspect_read.py."
    return {"$comment": comment, **body, "$defs": dict(sorted(used.items()))}


if sys.argv[1:] == ["--schema"]:
    json.dump(schema(), sys.stdout, indent=1)
    print()
else:
    for log in sys.argv[1:]:
        print(json.dumps(read(log)))
