"""The main job, shown: published accidents played in a plain browser and at the guarded counter."""
