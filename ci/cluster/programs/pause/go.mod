module netaccept.local/pause

go 1.21
