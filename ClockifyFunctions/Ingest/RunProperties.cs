using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;

namespace ClockifyFunctions.Ingest;

/// <summary>The application properties of a message for destinations with <c>sync</c>: <c>run</c> and <c>operation</c>.</summary>
internal static class RunProperties
{
    public const string Run = "run", Operation = "operation";

    public const string NameRule = "1 to 64 letters, digits, '.', ':', '-' and '_'";

    private const int LongestName = 64;

    public static bool IsValidName(string name) => name.Length is > 0 and <= LongestName && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or ':' or '-' or '_') && name.Any(char.IsAsciiLetterOrDigit);

    /// <param name="problem">The reason why the message is refused; null if it is valid.</param>
    public static (string? Run, RecordOperation? Operation) Read(ServiceBusReceivedMessage message, out string? problem)
    {
        problem = null;
        var (run, text) = (message.Property(Run), message.Property(Operation));
        RecordOperation? operation = text switch
        {
            null => null,
            "delete" => RecordOperation.Delete,
            "repair" => RecordOperation.Repair,
            "complete" => RecordOperation.Complete,
            "approve" => RecordOperation.Approve,
            _ => RecordOperation.Write,
        };
        if (operation == RecordOperation.Write) problem = $"Application property '{Operation}' is '{text}'; use delete, repair, complete or approve, or omit the property.";
        else if (run is not null && !IsValidName(run)) problem = $"Application property '{Run}' is '{run}'; use {NameRule}.";
        else if (run is null && operation is (RecordOperation.Complete or RecordOperation.Approve)) problem = $"Application property '{Operation}' is '{text}', and '{Run}' is missing; name the run.";
        return (run, operation);
    }
}
