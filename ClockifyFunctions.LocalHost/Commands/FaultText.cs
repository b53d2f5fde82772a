using System.Globalization;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Parses the arguments for random faults and latency of the simulator.</summary>
internal static class FaultText
{
    public static FaultPlan Fault(string text, FaultPlan plan, List<string> problems)
    {
        if (text.Split('=') is not [var name, var value]
            || !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || share > 1)
        {
            problems.Add($"--fault: '{text}' is not NAME=PROBABILITY with a probability from 0 to 1, such as drop-after=0.01.");
            return plan;
        }

        switch (name)
        {
            case "server-error": return plan with { ServerError = share };
            case "apply-then-500": return plan with { ApplyThen500 = share };
            case "drop-before": return plan with { DropBeforeApplying = share };
            case "drop-after": return plan with { DropAfterApplying = share };
            case "429": return plan with { TooManyRequests = share };
            default:
                problems.Add($"--fault: '{name}' is not a fault. Use one of server-error, apply-then-500, drop-before, drop-after, 429.");
                return plan;
        }
    }

    public static FaultPlan Latency(string text, FaultPlan plan, List<string> problems)
    {
        if (text.Split('-') is [var from, var to]
            && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var least)
            && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && least <= most)
        {
            return plan with { MinimumLatency = TimeSpan.FromMilliseconds(least), MaximumLatency = TimeSpan.FromMilliseconds(most) };
        }

        problems.Add($"--latency: '{text}' is not two whole numbers of milliseconds, the smaller first, such as 20-80.");
        return plan;
    }
}
