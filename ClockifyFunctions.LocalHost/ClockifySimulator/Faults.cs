namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Selects the fault of each request: the oldest scripted fault that matches, otherwise a random fault of the plan, otherwise none.</summary>
internal sealed class Faults(FaultPlan? plan = null)
{
    private readonly Lock mutex = new();
    private readonly List<(Func<FaultyRequest, bool> Matches, Fault Fault)> script = [];
    private FaultPlan? plan = plan;

    /// <summary>Number of scripted faults that have not been applied.</summary>
    public int Pending
    {
        get
        {
            lock (mutex)
                return script.Count;
        }
    }

    /// <summary>Applies the fault once, to the next matching request.</summary>
    public void Next(Func<FaultyRequest, bool> matches, Fault fault)
    {
        lock (mutex)
            script.Add((matches, fault));
    }

    public void Next(Fault fault) => Next(_ => true, fault);

    /// <summary>Replaces the plan of random faults. Null: no random faults. Scripted faults stay.</summary>
    public void Follow(FaultPlan? next)
    {
        lock (mutex)
            plan = next;
    }

    public Fault Take(FaultyRequest request)
    {
        lock (mutex)
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
