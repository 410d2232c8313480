"""The openai package for Python as a client: a line {messages, headers} in, the reply's text and `funprm` out, as JSON."""

import json
import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key="any", max_retries=0)
for line in sys.stdin:
    asked = json.loads(line)
    reply = client.chat.completions.create(
        model="replay", messages=asked["messages"], extra_headers=asked["headers"]
    )
    chosen = (reply.model_extra or {}).get("funprm")
    print(json.dumps({"text": reply.choices[0].message.content, "funprm": chosen}), flush=True)
