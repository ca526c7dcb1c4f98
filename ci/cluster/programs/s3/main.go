// An object store in memory that checks signatures (AWS Signature Version 4): a real peer for the upload by the S3 API.
// Prints the address it listens on, one line, and serves until it is killed.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/rclone/gofakes3/signature"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: s3 ADDRESS BUCKET ACCESS_KEY SECRET_KEY")
		os.Exit(2)
	}
	store := s3mem.New()
	must(store.CreateBucket(os.Args[2]))
	signature.ReloadKeys(map[string]string{os.Args[3]: os.Args[4]})
	listener, err := net.Listen("tcp", os.Args[1])
	must(err)
	fmt.Println(listener.Addr())
	must(http.Serve(listener, signed(gofakes3.New(store).Server())))
}

// Whoever cannot prove the secret key is refused, as Amazon would.
func signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		if code := signature.V4SignVerify(request); code != signature.ErrNone {
			failure := signature.GetAPIError(code)
			http.Error(response, failure.Code, failure.HTTPStatusCode)
			return
		}
		next.ServeHTTP(response, request)
	})
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
