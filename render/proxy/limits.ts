/**
 * What one request's line and headers may take. Go adds 4 KiB of its own. Real clients send less than 2 KiB; a browser that
 * keeps cookies for other servers of the same name sends more.
 */
const maxHeaderSize = "4KiB";

/** How long a client may take for its TLS handshake and the headers of one request, in seconds. */
const headerSeconds = 15;

/** How long a connection may stay open between two requests, in seconds. */
const idleSeconds = 30;

/** How long a client may take for a body before the proxy knows that it may push, in seconds. */
const strangersBodySeconds = 15;

/** How long one upload or download may take, in hours: a gigabyte at 12 kB/s. */
const transferHours = 24;

/** Caddy's options of every listener. HTTP/2 is off: one connection of it may cost more than a mebibyte. */
export const listenerLimits = `		protocols h1
		max_header_size ${maxHeaderSize}
		timeouts {
			read_header ${headerSeconds}s
			idle ${idleSeconds}s
		}
`;

/**
 * Limits what a client may send as a body, before anything else looks at the request. Go's server reads what is left of a
 * body before it answers, for as long as that takes, unless there is a deadline.
 */
export const bodyLimits = `(bodies) {
	import strangers-time
	@bodiless method GET HEAD
	route @bodiless {
		request_body {
			max_size 1
		}
		# This placeholder reads the body: no header tells of one that comes in chunks.
		@body not vars {http.request.body} ""
		error @body 413
		import transfer-time
	}
}

# For clients that may not push, or not yet: an answer waits until the rest of a body is read.
(strangers-time) {
	request_body {
		read_timeout ${strangersBodySeconds}s
	}
}

# For clients that may push, and for answers: the deadline for reading would end a long answer, too.
(transfer-time) {
	request_body {
		read_timeout ${transferHours}h
		write_timeout ${transferHours}h
	}
}`;
