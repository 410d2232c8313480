"""How likely each candidate is right, from what running it showed: the model that `funprm solve` ships."""
