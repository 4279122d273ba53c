package vkernel.dev;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import vkernel.kern.Faults;
import vkernel.kern.HardState;

/**
 * What drivers/console hands to its successor.
 *
 * @param lines host channels of the terminals, by the number of their /dev/ttyS node; empty for a free number
 * @param terminals those in use, by host channel
 * @param streams the channels in use that are no terminals, by name
 * @param plugged channels that were plugged in as terminals while the kernel ran: they keep their numbers
 * @param ptys the pseudo-terminals, by number
 */
public record ConsoleState(
        List<String> lines,
        Set<String> plugged,
        Map<String, Tty> terminals,
        Map<String, ByteStream> streams,
        SortedMap<Integer, Pty> ptys)
        implements HardState {
    @Override
    public List<String> faults() {
        Faults faults = new Faults()
                .all("lines", lines)
                .all("plugged", plugged)
                .all("terminals", terminals)
                .all("streams", streams)
                .all("ptys", ptys);
        if (!faults.none()) {
            return faults.list();
        }
        terminals.forEach((channel, tty) -> faults.expect(
                        tty.channel.equals(channel), "terminal %s at %s", tty, channel)
                .expect(lines.contains(channel), "terminal %s has no number", channel)
                .expect(tty.opens >= 0, "terminal %s is open %d times", channel, tty.opens)
                .expect(tty.lines.size() <= tty.input.count() + 1, "terminal %s has lines of nothing", channel));
        streams.forEach((channel, stream) -> faults.expect(
                        stream.channel.equals(channel), "stream %s at %s", stream.channel, channel)
                .expect(stream.opens >= 0, "stream %s is open %d times", channel, stream.opens)
                .expect(!terminals.containsKey(channel), "%s is a terminal and a stream", channel));
        ptys.forEach((number, pty) -> faults.expect(
                number == pty.index && pty.tty != null && pty.tty.pty == pty,
                "pseudo-terminal %d at %d",
                pty.index,
                number));
        return faults.list();
    }
}
