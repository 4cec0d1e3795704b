# In a folder that the pod's second container shares. It serves this configuration once the file is there (serve-scratch.sh).
scratch_config_file=/run/scratch-registry/config.yml

# Has the pod's second container serve what was restored.
start_scratch_registry() {
  scratch_config "$scratch" 127.0.0.1 >"$scratch_config_file.new" && mv "$scratch_config_file.new" "$scratch_config_file" ||
    fail "cannot write $scratch_config_file"
  scratch_registry_answers
}

# The second container ends by itself.
stop_scratch_registry() { :; }

# from_scratch_registry [PATH]: prints what it answers.
from_scratch_registry() { wget -q -O - --header "$accepted" "http://127.0.0.1:5000/v2/${1:-}"; }
