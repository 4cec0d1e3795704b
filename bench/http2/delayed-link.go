// Joins two TUN devices, and hands each packet over after a delay: a network of some length, where the kernel has no netem.
// Arguments: the devices' names, and the delay in milliseconds of one way. It runs until its standard input ends.
package main

import (
	"io"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

const (
	setInterface = 0x400454ca // TUNSETIFF
	tun          = 0x0001     // IFF_TUN
	bare         = 0x1000     // IFF_NO_PI
	longest      = 65536
	inFlight     = 65536
)

type packet struct {
	due   time.Time
	bytes []byte
}

func main() {
	milliseconds, err := strconv.Atoi(os.Args[3])
	if err != nil {
		panic(err)
	}
	delay := time.Duration(milliseconds) * time.Millisecond
	left, right := open(os.Args[1]), open(os.Args[2])
	go forward(left, right, delay)
	go forward(right, left, delay)
	println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func open(name string) int {
	file, err := syscall.Open("/dev/net/tun", syscall.O_RDWR, 0)
	if err != nil {
		panic(err)
	}
	var request [40]byte
	copy(request[:15], name)
	*(*uint16)(unsafe.Pointer(&request[16])) = tun | bare
	if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, uintptr(file), setInterface, uintptr(unsafe.Pointer(&request))); failed != 0 {
		panic(failed)
	}
	return file
}

// forward keeps the order of packets, and loses one where more are in flight than its queue holds.
func forward(from, to int, delay time.Duration) {
	queue := make(chan packet, inFlight)
	go func() {
		for each := range queue {
			time.Sleep(time.Until(each.due))
			_, _ = syscall.Write(to, each.bytes)
		}
	}()
	for buffer := make([]byte, longest); ; {
		size, err := syscall.Read(from, buffer)
		if err != nil {
			// The device is down until its address is set.
			time.Sleep(time.Millisecond)
			continue
		}
		select {
		case queue <- packet{time.Now().Add(delay), append([]byte(nil), buffer[:size]...)}:
		default:
		}
	}
}
