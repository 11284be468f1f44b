"""Checks a compose file without Docker: against the compose specification's schema (compose-spec.json, from
github.com/compose-spec/compose-spec, Apache-2.0), and for what this project wants of its own."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator


def problems(path: Path) -> list[str]:
    document = yaml.safe_load(path.read_text())
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
    found = [
        f"{'.'.join(map(str, error.absolute_path)) or 'file'}: {error.message}"
        for error in Draft7Validator(schema).iter_errors(document)
    ]
    services: dict[str, Any] = document.get("services", {})
    for name, service in services.items():
        found += [f"{name}: {text}" for text in _of_service(service, services, document.get("volumes", {}))]
    return found


def _of_service(service: dict[str, Any], services: dict[str, Any], volumes: dict[str, Any]) -> list[str]:
    found = [
        f"depends on {other}, which is not there" for other in service.get("depends_on", {}) if other not in services
    ]
    found += [
        f"waits for {other} to be healthy, which has no health check"
        for other, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy" and "healthcheck" not in services.get(other, {})
    ]
    image = service.get("image", "")
    if "build" not in service and (":" not in image or image.endswith(":latest")):
        found.append(f"image {image!r} is not pinned")
    if "build" not in service and "healthcheck" not in service:
        found.append("has no health check")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if not source.startswith((".", "/")) and source not in volumes:
            found.append(f"volume {source} is not declared")
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            found.append(f"port {port} is open to the network")
    return found


if __name__ == "__main__":
    texts = problems(Path(sys.argv[1]))
    print("\n".join(texts))
    sys.exit(1 if texts else 0)
