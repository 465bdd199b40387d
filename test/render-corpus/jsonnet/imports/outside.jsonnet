importstr "../../../../../../../../../etc/hostname-that-is-not-there"
