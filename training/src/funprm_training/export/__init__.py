"""What `funprm export` runs: from a trained run or a released checkpoint to a PRM folder, and the test fixtures."""
