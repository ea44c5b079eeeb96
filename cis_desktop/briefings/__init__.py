"""What a council sends: ordinary files, briefings made for this, and the areas that figures are about."""
