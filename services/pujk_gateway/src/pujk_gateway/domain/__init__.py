"""What did the PUJK do, and does OJK accept it? The case, its parts, the firm's acts, OJK's decisions. No I/O."""
