scratch_registry=

# Starts a second distribution, of the registry's own image, over what was restored.
start_scratch_registry() {
  image=$(docker inspect -f '{{.Image}}' "$(docker compose -f /etc/container-registry/compose.yaml ps -aq registry)") ||
    fail "the registry's container is missing; pulumi up creates it"
  scratch_config /var/lib/registry >"$scratch/config.yml"
  scratch_registry=$(docker run -d --rm -p 127.0.0.1::5000 -v "$scratch:/var/lib/registry:ro" \
    -v "$scratch/config.yml:/etc/distribution/config.yml:ro" --label container-registry-backup=scratch "$image" 2>"$lists/said") ||
    fail "the scratch registry does not start: $(cat "$lists/said")"
  scratch_url=http://$(docker port "$scratch_registry" 5000 | head -n 1)/v2
  scratch_registry_answers
}

stop_scratch_registry() { [ -z "$scratch_registry" ] || docker rm -f "$scratch_registry" >/dev/null 2>&1; }

# from_scratch_registry [PATH]: prints what it answers.
from_scratch_registry() { curl -fsS -H "$accepted" "$scratch_url/${1:-}"; }
