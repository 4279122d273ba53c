# The vDSO: what user code calls without a trap, and the way back from signal handlers (Linux: arch/riscv/kernel/vdso).
# One page of data lies before it, written by the kernel (Vdso.java):
#   0  sequence number, odd while the kernel writes (32 bits)
#   8  nanoseconds from the monotonic clock to the time of day (64 bits)
# rdtime counts nanoseconds since boot.

	.option norvc

	.set NR_clock_gettime, 113
	.set NR_clock_getres, 114
	.set NR_gettimeofday, 169
	.set NR_getcpu, 168
	.set NR_rt_sigreturn, 139
	.set NR_riscv_hwprobe, 258
	.set NR_riscv_flush_icache, 259

	# Clocks that follow rdtime, and those that follow the time of day, as bits of their numbers.
	.set MONOTONIC_CLOCKS, 1 << 1 | 1 << 4 | 1 << 6 | 1 << 7
	.set REALTIME_CLOCKS, 1 << 0 | 1 << 5 | 1 << 11
	.set LAST_CLOCK, 11

	.set HWPROBE_KEYS, 10

.macro function name
	.globl \name
	.type \name, @function
\name:
	.cfi_startproc
.endm

.macro end_function name
	.cfi_endproc
	.size \name, . - \name
.endm

# t0 = time of day in nanoseconds; uses t1 to t4
.macro realtime
	lla	t1, vdso_start
	li	t2, -4096
	add	t1, t1, t2
1:	lw	t2, 0(t1)
	fence	r, r
	andi	t3, t2, 1
	bnez	t3, 1b
	ld	t4, 8(t1)
	rdtime	t0
	fence	r, r
	lw	t3, 0(t1)
	bne	t2, t3, 1b
	add	t0, t0, t4
.endm

# t2 = t0 nanoseconds in seconds, t3 = the nanoseconds besides; uses t1. As compilers divide by 10^9: the factor is
# 2^84 / 10^9 rounded up, and the shifts together are by 84; exact for every number of 64 bits.
.macro split
	li	t1, 0x44B82FA09B5A53
	srli	t2, t0, 9
	mulhu	t2, t2, t1
	srli	t2, t2, 11
	li	t1, 1000000000
	mul	t3, t2, t1
	sub	t3, t0, t3
.endm

	.text

# The unwinder knows these two instructions (libgcc's linux-unwind.h): they must be exactly these.
function __vdso_rt_sigreturn
	.cfi_signal_frame
	li	a7, NR_rt_sigreturn
	ecall
end_function __vdso_rt_sigreturn

# int clock_gettime(clockid_t a0, struct timespec *a1)
function __vdso_clock_gettime
	li	t0, LAST_CLOCK
	bgtu	a0, t0, 9f
	li	t1, 1
	sll	t1, t1, a0
	li	t2, MONOTONIC_CLOCKS
	and	t2, t2, t1
	bnez	t2, 2f
	li	t2, REALTIME_CLOCKS
	and	t2, t2, t1
	beqz	t2, 9f
	realtime
	j	3f
2:	rdtime	t0
3:	split
	sd	t2, 0(a1)
	sd	t3, 8(a1)
	li	a0, 0
	ret
9:	li	a7, NR_clock_gettime
	ecall
	ret
end_function __vdso_clock_gettime

# int gettimeofday(struct timeval *a0, struct timezone *a1)
function __vdso_gettimeofday
	bnez	a1, 9f
	beqz	a0, 2f
	realtime
	split
	li	t1, 1000
	divu	t3, t3, t1
	sd	t2, 0(a0)
	sd	t3, 8(a0)
2:	li	a0, 0
	ret
9:	li	a7, NR_gettimeofday
	ecall
	ret
end_function __vdso_gettimeofday

# int clock_getres(clockid_t a0, struct timespec *a1): every clock counts nanoseconds
function __vdso_clock_getres
	li	t0, LAST_CLOCK
	bgtu	a0, t0, 9f
	li	t1, 1
	sll	t1, t1, a0
	li	t2, MONOTONIC_CLOCKS | REALTIME_CLOCKS
	and	t2, t2, t1
	beqz	t2, 9f
	beqz	a1, 2f
	li	t1, 1
	sd	zero, 0(a1)
	sd	t1, 8(a1)
2:	li	a0, 0
	ret
9:	li	a7, NR_clock_getres
	ecall
	ret
end_function __vdso_clock_getres

# int getcpu(unsigned *cpu, unsigned *node, void *unused)
function __vdso_getcpu
	li	a7, NR_getcpu
	ecall
	ret
end_function __vdso_getcpu

# int flush_icache(void *start, void *end, unsigned long flags)
function __vdso_flush_icache
	fence.i
	li	a7, NR_riscv_flush_icache
	ecall
	ret
end_function __vdso_flush_icache

# int riscv_hwprobe(struct riscv_hwprobe *a0, size_t count a1, size_t cpusetsize a2, unsigned long *cpus a3, unsigned a4)
# Every hart is the same: without flags the set of harts does not matter.
function __vdso_riscv_hwprobe
	bnez	a4, 9f
	slli	a1, a1, 4
	add	a1, a0, a1
	lla	t0, hwprobe_values
	li	t1, HWPROBE_KEYS
1:	bgeu	a0, a1, 3f
	ld	t2, 0(a0)
	li	t3, 0
	bgeu	t2, t1, 2f
	slli	t3, t2, 3
	add	t3, t3, t0
	ld	t3, 0(t3)
	j	4f
2:	li	t2, -1
	sd	t2, 0(a0)
4:	sd	t3, 8(a0)
	addi	a0, a0, 16
	j	1b
3:	li	a0, 0
	ret
9:	li	a7, NR_riscv_hwprobe
	ecall
	ret
end_function __vdso_riscv_hwprobe

	.section .rodata
	.balign 8
# HwprobeCalls.java has the same.
hwprobe_values:
	.dword	0, 0, 0
	.dword	1
	.dword	3
	.dword	3
	.dword	0
	.dword	0x7fffffffffff
	.dword	1000000000
	.dword	3
	.if . - hwprobe_values - 8 * HWPROBE_KEYS
	.error "HWPROBE_KEYS is not the number of values"
	.endif
