namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Decides each request's fault: the oldest scripted one that matches, else the plan's draw, else none.</summary>
internal sealed class Faults(FaultPlan? plan = null)
{
    private readonly Lock gate = new();
    private readonly List<(Func<FaultyRequest, bool> Matches, Fault Fault)> script = [];
    private FaultPlan? plan = plan;

    /// <summary>Scripted faults that no request has met yet.</summary>
    public int Pending
    {
        get
        {
            lock (gate)
                return script.Count;
        }
    }

    /// <summary>One shot: the next request that matches.</summary>
    public void Next(Func<FaultyRequest, bool> matches, Fault fault)
    {
        lock (gate)
            script.Add((matches, fault));
    }

    public void Next(Fault fault) => Next(_ => true, fault);

    /// <summary>Null ends the random faults; scripted ones stay.</summary>
    public void Follow(FaultPlan? next)
    {
        lock (gate)
            plan = next;
    }

    public Fault Take(FaultyRequest request)
    {
        lock (gate)
        {
            var index = script.FindIndex(s => s.Matches(request));
            if (index < 0)
                return plan?.Draw() ?? Fault.None;

            var fault = script[index].Fault;
            script.RemoveAt(index);
            return fault;
        }
    }
}
