"""What `funprm train` runs: training on the step rewards that `funprm collect` wrote."""
