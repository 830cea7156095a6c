"""Small results written by hand, and what every report makes of them. Not measured: nobody may cite them."""
