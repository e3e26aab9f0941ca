using System.Text;
using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>
/// <c>margin &lt; account.json</c>: reads one account from standard input and prints its margin, computed by the engine's own formulas.
/// Exit code 0, or 2 with one line on standard error and nothing on standard output.
/// </summary>
public static class MarginCommand
{
    /// <summary>The profile of an input that names none.</summary>
    public const string DefaultProfile = "binance";

    private const int BadInput = 2;

    public static System.CommandLine.Command Create()
    {
        var command = new System.CommandLine.Command("margin", "Prints the margin of an account read as JSON from standard input.");
        command.SetAction(result =>
        {
            using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return Run(input, result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        });
        return command;
    }

    /// <summary>Runs the calculator over given streams; returns the exit code.</summary>
    public static int Run(TextReader input, TextWriter output, TextWriter error)
    {
        try
        {
            string answer = Calculate(ReadAll(input));
            output.WriteLine(answer);
            return 0;
        }
        catch (MarginInputException e)
        {
            error.WriteLine("margin: " + e.Message);
        }
        catch (DecoderFallbackException)
        {
            error.WriteLine("margin: the input is not UTF-8");
        }
        catch (OverflowException)
        {
            error.WriteLine("margin: a price, size or balance is so large that an amount passes 92233720368");
        }

        return BadInput;
    }

    /// <summary>The answer to one input as JSON; throws <see cref="MarginInputException"/> or <see cref="OverflowException"/>.</summary>
    public static string Calculate(string json)
    {
        MarginInput input = MarginInputReader.Read(json);
        string name = input.Profile ?? DefaultProfile;
        if (!VenueProfiles.TryShipped(name, out VenueProfile rules))
        {
            string known = string.Join(", ", VenueProfiles.ShippedNames);
            throw new MarginInputException($"profile: \"{name}\" is not a shipped profile ({known})");
        }

        return MarginReport.Write(new MarginAccount(new MarginMarkets(rules, input), input));
    }

    private static string ReadAll(TextReader input)
    {
        var text = new StringBuilder();
        char[] buffer = new char[16 * 1024];
        int read;
        while ((read = input.Read(buffer, 0, buffer.Length)) > 0)
        {
            text.Append(buffer, 0, read);
            if (text.Length > MarginInputReader.MaxLength)
            {
                throw new MarginInputException($"the input is longer than {MarginInputReader.MaxLength} characters");
            }
        }

        return text.ToString();
    }
}
