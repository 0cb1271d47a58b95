"""BuildKit's own line parser: Dockerfiles in, one JSON string a line; their instructions or the error out."""

import json
import sys

import dockerfile

for line in sys.stdin:
    try:
        answer = {
            "instructions": [
                {
                    "keyword": found.cmd or "",
                    "nested": found.sub_cmd,
                    "json": found.json,
                    "first": found.start_line,
                    "last": found.end_line,
                    "flags": found.flags,
                    "values": found.value,
                    "heredocs": [[heredoc.name, heredoc.content] for heredoc in found.heredocs],
                }
                for found in dockerfile.parse_string(json.loads(line))
            ]
        }
    except dockerfile.GoParseError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
