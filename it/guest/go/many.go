// Many goroutines on few threads: channels, locks, timers, preemption by a signal, sockets on loopback.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"time"
)

const many = 2000

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// Each sends its number, adds it under a lock, and sleeps.
func channels() {
	var all sync.WaitGroup
	var lock sync.Mutex
	sum, received := 0, 0
	numbers := make(chan int, 16)
	for i := 0; i < many; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			numbers <- i
			lock.Lock()
			sum += i
			lock.Unlock()
			time.Sleep(time.Millisecond)
		}(i)
	}
	for i := 0; i < many; i++ {
		received += <-numbers
	}
	all.Wait()
	fmt.Println("sums", sum, received)
}

func connections() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		for {
			client, err := listener.Accept()
			check(err)
			go func() { fmt.Fprintln(client, "hello"); client.Close() }()
		}
	}()
	total := 0
	for i := 0; i < 50; i++ {
		server, err := net.Dial("tcp", listener.Addr().String())
		check(err)
		answer, err := io.ReadAll(server)
		check(err)
		total += len(answer)
		server.Close()
	}
	fmt.Println("bytes", total)
}

// With one processor nobody else comes to run unless the one that never calls anything is interrupted.
func preemption() {
	runtime.GOMAXPROCS(1)
	go func() {
		for i := 0; ; i++ {
		}
	}()
	time.Sleep(20 * time.Millisecond)
	runtime.GC()
	fmt.Println("preempted")
}

func main() {
	runtime.GOMAXPROCS(4)
	channels()
	connections()
	preemption()
}
