package vkernel.live;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.url.AbstractURLStreamHandlerService;
import org.osgi.service.url.URLConstants;
import org.osgi.service.url.URLStreamHandlerService;

/**
 * Where bundles say that they come from which were made of a watched folder: {@code live:FOLDER}. They lie in memory only;
 * who asks for their content anew, as {@code felix:update} does, is told what to do instead.
 */
@Component(service = URLStreamHandlerService.class, property = URLConstants.URL_HANDLER_PROTOCOL + "=live")
public final class WatchedPlace extends AbstractURLStreamHandlerService {
    private static final String PROTOCOL = "live:";

    static String of(SourceFolder folder) {
        return PROTOCOL + folder.home();
    }

    @Override
    public URLConnection openConnection(URL place) throws IOException {
        throw new IOException("it was made of the sources in " + place.getPath() + " and lies in memory only;"
                + " what is saved there while the folder is watched takes its place");
    }
}
