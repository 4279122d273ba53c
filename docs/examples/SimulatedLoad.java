import java.util.ArrayList;
import java.util.List;
import vkernel.guest.sched.fair.Fair;
import vkernel.guest.sched.rr.RoundRobin;
import vkernel.rump.RumpKernel;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/** A scheduler's policy on a simulated load: three tasks that compute for ten seconds on one hart, one of them nice. */
class SimulatedLoad {
    private static final long SECOND = 1_000_000_000;

    public static void main(String[] args) {
        for (SchedPolicy policy : List.of(new RoundRobin(), new Fair())) {
            RumpKernel kernel = new RumpKernel(0);
            List<Task> tasks = new ArrayList<>();
            for (int nice : new int[] {0, 0, 10}) {
                Task task = kernel.task(0, 0);
                task.nice = nice;
                tasks.add(task);
                policy.enqueue(task, false);
            }
            for (long now = 0; now < 10 * SECOND; ) {
                Task task = policy.next(0);
                long ran = policy.quantum(task);
                policy.ran(task, ran);
                task.userTime += ran;
                now += ran;
                policy.enqueue(task, false);
            }
            for (Task task : tasks) {
                System.out.printf("%-4s nice %2d  %2d %%%n", policy.name(), task.nice, task.userTime / (SECOND / 10));
            }
        }
    }
}
