# shellcheck shell=bash
# A display for ParaView, which as Debian has it draws through X alone: an X server in memory (package xvfb) on
# each node of the job, at a number that other jobs on the node are unlikely to have. A ParaView built with EGL
# or OSMesa needs none of this, and nodes without Xvfb go without.
if command -v Xvfb >/dev/null; then
  display=$((100 + SLURM_JOB_ID % 900))
  on_each_node=(srun --overlap --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_JOB_NUM_NODES" --ntasks-per-node=1)
  "${on_each_node[@]}" Xvfb ":$display" -screen 0 1280x1024x24 -nolisten tcp >/dev/null 2>&1 &
  servers=$!
  trap 'kill "$servers" 2>/dev/null' EXIT
  # The run looks for its display once, when it begins.
  "${on_each_node[@]}" bash -c "for _ in {1..100}; do [ -e /tmp/.X11-unix/X$display ] && exit; sleep 0.1; done"
  export DISPLAY=:$display
fi
# llvmpipe, Mesa's renderer on processors, would take all cores of the node for each rank.
export LP_NUM_THREADS=1
