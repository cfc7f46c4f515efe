"""Small programs that use Dengji as a library."""
