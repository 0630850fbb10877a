"""The teaching library: models, training, plots and planted answers that learners read and use."""
