import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ReportData } from '../../report/report-data.js';
import { pageData } from '../shared/data.js';
import { byId } from '../shared/element.js';
import { isDark, onTheme } from '../shared/theme.js';
import { card, figures } from './card.js';
import { type Chart, chartsOf } from './charts.js';

echarts.use([
  BarChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  AriaComponent,
  SVGRenderer,
]);

const report = pageData<ReportData>();
const { number, model, dimensions } = report.generation;
byId('made').textContent =
  `generation ${number}: ${model}, ${dimensions} dimensions · made ${report.madeAt.slice(0, 16).replace('T', ' ')} UTC`;
byId('figures').replaceChildren(...figures(report));

const charts: Chart[] = chartsOf(report);
const cards = charts.map(card);
byId('charts').replaceChildren(...cards.map(({ root }) => root));

let drawn: echarts.ECharts[] = [];
function draw(): void {
  for (const each of drawn) each.dispose();
  const ink = isDark() ? '#c9cdd6' : '#3c4049';
  const line = isDark() ? '#343843' : '#dcdee3';
  drawn = cards.flatMap(({ place }, index) => {
    const chart = charts[index];
    if (place === null || chart === undefined) return [];
    const made = echarts.init(place, null, { renderer: 'svg' });
    made.setOption(chart.option({ ink, line }));
    return [made];
  });
}
draw();
onTheme(draw);
addEventListener('resize', () => {
  for (const each of drawn) each.resize();
});
document.body.dataset.ready = 'true';
