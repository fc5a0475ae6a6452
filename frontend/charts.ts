// Charts: <div data-chart="ID" class="chart" role="img" aria-label="…"></div> beside the JSON
// island ID holding a ChartSpec. The page says the same numbers in a table; a chart is a second look.
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { eachIsland } from "./islands";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  LegendComponent,
  LineChart,
  TooltipComponent,
]);

interface Series {
  name: string;
  /** One value a category; null where there is none. */
  values: (number | null)[];
}

interface ChartSpec {
  kind: "bar" | "stacked-bar" | "line";
  categories: string[];
  series: Series[];
  /** Written at the value axis: 天, 户, 个. */
  unit?: string;
}

const INK = "#1f2937";

function optionOf(spec: ChartSpec, fontFamily: string): EChartsCoreOption {
  const type = spec.kind === "line" ? "line" : "bar";
  return {
    animation: false,
    // Patterns beside colours: no meaning rests on colour alone.
    aria: { enabled: true, decal: { show: true } },
    textStyle: { fontFamily, fontSize: 14, color: INK },
    grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, show: spec.series.length > 1, textStyle: { color: INK } },
    // An HTML tooltip would carry inline styles, which the content security policy refuses.
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: spec.categories, axisLabel: { color: INK } },
    yAxis: { type: "value", name: spec.unit ?? "", minInterval: 1, axisLabel: { color: INK } },
    series: spec.series.map(({ name, values }) => ({
      type,
      name,
      data: values,
      ...(spec.kind === "stacked-bar" ? { stack: "all" } : {}),
    })),
  };
}

eachIsland<ChartSpec>("data-chart", (element, spec) => {
  const chart = init(element);
  // A canvas inherits no font.
  chart.setOption(optionOf(spec, getComputedStyle(element).fontFamily));
  new ResizeObserver(() => chart.resize()).observe(element);
  window.addEventListener("beforeprint", () => chart.resize());
});
