"""The Inspect logs in test/fixtures/transcripts, as Inspect itself writes them.

    python3 -m venv VENV && VENV/bin/pip install inspect_ai==0.3.285
    VENV/bin/python test/peers/inspect_write.py test/fixtures/transcripts
"""

import sys

from inspect_ai.log import EvalConfig, EvalDataset, EvalLog, EvalSample, EvalSpec, write_eval_log
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser, ContentReasoning, ContentText

dialogue = [
    ChatMessageSystem(content="You are an agent."),
    ChatMessageUser(content="The delivery is late."),
    ChatMessageAssistant(content="Please deliver by Friday."),
    ChatMessageUser(content="No."),
    ChatMessageAssistant(content=[ContentReasoning(reasoning="think"), ContentText(text="Then I will cancel your contract.")]),
]
samples = [
    EvalSample(id="s1", epoch=1, input="Ask", target="x", messages=dialogue),
    EvalSample(id=2, epoch=3, input="Ask", target="x", messages=[ChatMessageUser(content="Hi"), ChatMessageAssistant(content="")]),
]
spec = EvalSpec(created="2026-11-01T00:00:00+00:00", task="t", dataset=EvalDataset(name="d"), model="mockllm/model", config=EvalConfig())
for kind in ("eval", "json"):
    write_eval_log(EvalLog(eval=spec, samples=samples, status="success"), f"{sys.argv[1]}/inspect-log.{kind}")
