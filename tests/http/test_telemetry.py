"""The framework tells no collector what is asked here: addresses hold ids, and signatures of files."""

import subprocess
import sys
from pathlib import Path

# In a process of its own: a provider is for a whole process, and for good.
PROGRAM = """
import asyncio, sys
from pathlib import Path
import httpx
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from saycut.http.app import application
from saycut.service.workplace import ServiceSettings, Workplace

collected = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(collected))
trace.set_tracer_provider(provider)
workplace = Workplace(ServiceSettings(data_dir=Path(sys.argv[1])))

async def asked():
    door = httpx.ASGITransport(application(workplace))
    async with httpx.AsyncClient(transport=door, base_url="http://127.0.0.1") as http:
        return [(await http.get(path)).status_code for path in ("/healthz", "/api/files/rnd_1?signature=x")]

print(asyncio.run(asked()), [span.name for span in collected.get_finished_spans()])
workplace.close()
"""


def test_no_request_becomes_a_span(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "[200, 422] []\n", done.stderr
